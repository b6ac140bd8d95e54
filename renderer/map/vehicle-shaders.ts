import { MOVEMENT } from '../../core/model/movement.ts';
import { ALERT_COLORS, VEHICLE_COLORS } from '../theme/tokens.ts';
import { SELECTED, UNACKNOWLEDGED } from './fleet-record.ts';
import { TURN_SHARE } from './glides.ts';
import { BADGE_GROUND, glslColor, INK, RING } from './palette.ts';

export type VehicleUniforms = {
  /** Seconds since the glides' epoch. */
  timeS: number;
  /** Length of a chevron, CSS pixels. */
  sizePx: number;
  /** How bright unacknowledged alerts glow now, 0–1. */
  glow: number;
};

// luma reads the block line by line: one field per line.
const uniformBlock = `\
layout(std140) uniform vehicleUniforms {
  float timeS;
  float sizePx;
  float glow;
} vehicle;
`;

/** The one block of uniforms that changes per frame, as luma's shader module. */
export const vehicleUniforms = {
  name: 'vehicle',
  vs: uniformBlock,
  fs: uniformBlock,
  uniformTypes: { timeS: 'f32', sizePx: 'f32', glow: 'f32' },
} as const;

// One point per vehicle: software GL pays per instance, so an instanced quad costs 2.5 times as much.
export const vertexShader = `\
#version 300 es
#define SHADER_NAME vehicle-vertex
in vec2 high;
in vec2 low;
in vec2 delta;
in vec2 timing;
in vec2 headings;
in vec4 look;

flat out vec2 facing;
flat out ivec3 kind;
flat out vec4 sizes;

void main(void) {
  float k = clamp((vehicle.timeS - timing.x) / timing.y, 0.0, 1.0);
  float shortestTurn = fract(headings.y - headings.x + 0.5) - 0.5;
  float turn = (headings.x + shortestTurn * min(k / ${TURN_SHARE.toFixed(2)}, 1.0)) * 6.28318530718;
  facing = vec2(cos(turn), sin(turn));

  int movement = int(look.x * 255.0 + 0.5);
  int alert = int(look.y * 255.0 + 0.5);
  int flags = int(look.z * 255.0 + 0.5);
  kind = ivec3(movement, alert, flags);

  float body = vehicle.sizePx * 0.5;
  float badge = alert > 0 ? body * 1.25 + 3.5 : 0.0;
  float outline = max(body, badge) + 4.5;
  float reach = alert > 0 ? badge * 1.25 : body;
  if ((alert & ${UNACKNOWLEDGED}) != 0) reach += badge * 0.75;
  if (flags != 0) reach = max(reach, outline + 1.5);
  float half_ = reach + 2.0;
  sizes = vec4(body, badge, outline, half_);
  gl_PointSize = 2.0 * half_ * project.devicePixelRatio;

  // Close up, deck subtracts the camera's origin from the first argument: what is small must come in the second.
  vec2 small = low + delta * k;
  bool close = project.projectionMode == PROJECTION_MODE_WEB_MERCATOR_AUTO_OFFSET;
  vec3 position = vec3(close ? high : high + small, 0.0);
  gl_Position = project_position_to_clipspace(position, vec3(close ? small : vec2(0.0), 0.0), vec3(0.0));
}
`;

export const fragmentShader = `\
#version 300 es
#define SHADER_NAME vehicle-fragment
precision highp float;
flat in vec2 facing;
flat in ivec3 kind;
flat in vec4 sizes;
out vec4 fragColor;

const vec3 INK = ${glslColor(INK)};

vec3 quietColor(int movement) {
  if (movement == ${MOVEMENT.moving}) return ${glslColor(VEHICLE_COLORS.moving)};
  if (movement == ${MOVEMENT.idling}) return ${glslColor(VEHICLE_COLORS.idling)};
  if (movement == ${MOVEMENT.stopped}) return ${glslColor(VEHICLE_COLORS.stopped)};
  return ${glslColor(VEHICLE_COLORS.offline)};
}

vec3 alertColor(int priority) {
  if (priority == 1) return ${glslColor(ALERT_COLORS.critical)};
  if (priority == 2) return ${glslColor(ALERT_COLORS.high)};
  if (priority == 3) return ${glslColor(ALERT_COLORS.medium)};
  return ${glslColor(ALERT_COLORS.low)};
}

// Signed distances in pixels: negative inside. y points up.
float chevron(vec2 q, float size) {
  vec2 turned = vec2(facing.x * q.x - facing.y * q.y, facing.y * q.x + facing.x * q.y);
  vec2 p = vec2(abs(turned.x), turned.y) / size;
  float flank = dot(p - vec2(0.0, 1.0), vec2(0.92244, 0.38614));
  float tail = -dot(p - vec2(0.0, -0.5), vec2(0.44721, 0.89443));
  return max(flank, tail) * size;
}

float sign_(int priority, vec2 q, float size) {
  if (priority == 1) return (abs(q.x) + abs(q.y) - size * 1.18) * 0.70711;
  if (priority == 2) return max(-q.y - size * 0.72, dot(vec2(abs(q.x), q.y - size * 1.2), vec2(0.87, 0.49)));
  if (priority == 3) return max(abs(q.x), abs(q.y)) - size * 0.86;
  return length(q) - size * 0.96;
}

float glyph(int movement, vec2 q, float size) {
  if (movement == ${MOVEMENT.moving}) return chevron(q, size);
  if (movement == ${MOVEMENT.idling}) return length(q) - size * 0.52;
  if (movement == ${MOVEMENT.stopped}) return length(q) - size * 0.42;
  return abs(length(q) - size * 0.5) - 0.75;
}

float coverage(float distance_) { return clamp(0.5 - distance_, 0.0, 1.0); }

// Premultiplied "over".
vec4 over(vec4 below, vec3 color, float alpha) { return vec4(color * alpha, alpha) + below * (1.0 - alpha); }

vec4 drawQuiet(vec2 q) {
  float d = glyph(kind.x, q, sizes.x);
  bool heard = kind.x != ${MOVEMENT.offline} && kind.x != ${MOVEMENT.noData};
  // Far away many stand close together: there they step back behind the alerts.
  float fade = mix(0.78, 1.0, smoothstep(5.5, 8.5, sizes.x)) * (heard ? 1.0 : 0.75);
  vec4 c = over(vec4(0.0), INK, coverage(d - 1.2) * 0.8 * fade);
  return over(c, quietColor(kind.x), coverage(d) * fade);
}

vec4 drawAlert(vec2 q) {
  int priority = kind.y & 7;
  bool waits = (kind.y & ${UNACKNOWLEDGED}) != 0;
  vec3 color = alertColor(priority);
  float d = sign_(priority, q, sizes.y);
  vec4 c = vec4(0.0);
  if (waits) {
    float falloff = clamp(1.0 - max(d, 0.0) / (sizes.y * 0.75), 0.0, 1.0);
    c = over(c, color, falloff * falloff * (0.12 + 0.48 * vehicle.glow));
  }
  c = over(c, INK, coverage(d - 1.4) * 0.9);
  c = over(c, waits ? color : ${glslColor(BADGE_GROUND)}, coverage(d));
  if (!waits) c = over(c, color, coverage(abs(d + 1.0) - 0.9));
  vec2 centre = priority == 2 ? vec2(0.0, -sizes.y * 0.08) : vec2(0.0);
  float inner = glyph(kind.x, q - centre, sizes.y * (priority == 2 ? 0.52 : 0.66));
  return over(c, waits ? INK : color, coverage(inner));
}

void main(void) {
  vec2 q = (gl_PointCoord - 0.5) * vec2(2.0, -2.0) * sizes.w;
  vec4 c = (kind.y & 7) > 0 ? drawAlert(q) : drawQuiet(q);
  if (kind.z != 0) {
    float d = abs(length(q) - sizes.z);
    bool selected = (kind.z & ${SELECTED}) != 0;
    c = over(c, INK, coverage(d - 1.9) * 0.7);
    c = over(c, ${glslColor(RING)}, coverage(d - 0.9) * (selected ? 1.0 : 0.6));
  }
  if (c.a < 0.004) discard;
  fragColor = vec4(c.rgb / c.a, c.a);
}
`;
