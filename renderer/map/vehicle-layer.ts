import { type DefaultProps, Layer, type LayerContext, picking, project32 } from '@deck.gl/core';
import { Buffer as GpuBuffer } from '@luma.gl/core';
import { Model } from '@luma.gl/engine';
import type { FleetBuffer } from './fleet-buffer.ts';
import { RECORD_BYTES } from './fleet-record.ts';
import { fragmentShader, type VehicleUniforms, vehicleUniforms, vertexShader } from './vehicle-shaders.ts';

/** What changes from frame to frame; read once per draw. */
export interface VehicleFrame {
  /** The app clock, seconds. */
  nowS(): number;
  /** Length of a chevron, CSS pixels. */
  sizePx(): number;
  /** Glow of alerts that wait for an acknowledgement, 0–1. */
  glow(nowS: number): number;
}

export interface VehicleLayerProps {
  fleet: FleetBuffer;
  frame: VehicleFrame;
}

interface GpuState {
  [key: string]: unknown;
  model: Model;
  records: GpuBuffer | undefined;
  order: GpuBuffer | undefined;
  capacity: number;
  orderVersion: number;
  readonly uniforms: { readonly vehicle: VehicleUniforms };
}

const RECORD_LAYOUT = [
  {
    name: 'records',
    stepMode: 'vertex',
    byteStride: RECORD_BYTES,
    attributes: [
      { attribute: 'high', format: 'float32x2', byteOffset: 0 },
      { attribute: 'low', format: 'float32x2', byteOffset: 8 },
      { attribute: 'delta', format: 'float32x2', byteOffset: 16 },
      { attribute: 'timing', format: 'float32x2', byteOffset: 24 },
      { attribute: 'headings', format: 'unorm16x2', byteOffset: 32 },
      { attribute: 'look', format: 'unorm8x4', byteOffset: 36 },
    ],
  },
] as const;

/**
 * Draws the vehicles of a FleetBuffer, one point each: chevron, dot, ring or alert badge. A frame sets one block of
 * uniforms; records are uploaded only where they changed, the drawing order only when it changed.
 */
export class VehicleLayer extends Layer<VehicleLayerProps> {
  static override layerName = 'VehicleLayer';
  static override defaultProps: DefaultProps<VehicleLayerProps> = {
    fleet: { type: 'object', value: undefined as never, compare: false },
    frame: { type: 'object', value: undefined as never, compare: false },
  };
  declare state: GpuState;

  override initializeState(): void {
    const shaders = super.getShaders({
      vs: vertexShader,
      fs: fragmentShader,
      modules: [project32, picking, vehicleUniforms],
    });
    const model = new Model(this.context.device, {
      ...shaders,
      id: this.props.id,
      topology: 'point-list',
      bufferLayout: [...RECORD_LAYOUT],
      vertexCount: 0,
      parameters: { depthWriteEnabled: false, depthCompare: 'always' },
    });
    const uniforms = { vehicle: { timeS: 0, sizePx: 0, glow: 0 } };
    this.state = { model, records: undefined, order: undefined, capacity: 0, orderVersion: -1, uniforms };
  }

  override draw(): void {
    const { fleet, frame } = this.props;
    const { model, uniforms } = this.state;
    if (this.state.capacity < fleet.capacity) this.allocate(fleet.capacity);
    this.upload(fleet);
    const { length } = fleet.drawOrder();
    if (length === 0) return;
    const nowS = frame.nowS();
    uniforms.vehicle.timeS = nowS - fleet.glides.epochS;
    uniforms.vehicle.sizePx = frame.sizePx();
    uniforms.vehicle.glow = frame.glow(nowS);
    model.shaderInputs.setProps(uniforms);
    model.setIndexCount(length);
    model.draw(this.context.renderPass);
  }

  override finalizeState(context: LayerContext): void {
    super.finalizeState(context);
    this.state.records?.destroy();
    this.state.order?.destroy();
  }

  private allocate(capacity: number): void {
    const { device } = this.context;
    this.state.records?.destroy();
    this.state.order?.destroy();
    const records = device.createBuffer({
      usage: GpuBuffer.VERTEX | GpuBuffer.COPY_DST,
      byteLength: capacity * RECORD_BYTES,
    });
    const order = device.createBuffer({
      usage: GpuBuffer.INDEX | GpuBuffer.COPY_DST,
      indexType: 'uint32',
      byteLength: capacity * Uint32Array.BYTES_PER_ELEMENT,
    });
    this.state.model.setAttributes({ records });
    this.state.model.setIndexBuffer(order);
    this.state.records = records;
    this.state.order = order;
    this.state.capacity = capacity;
    this.state.orderVersion = -1;
    this.props.fleet.markDirty(0, this.props.fleet.count - 1);
  }

  private upload(fleet: FleetBuffer): void {
    const { dirtyFrom, dirtyTo } = fleet;
    if (dirtyFrom <= dirtyTo) {
      const from = dirtyFrom * RECORD_BYTES;
      this.state.records?.write(fleet.glides.records.bytes.subarray(from, (dirtyTo + 1) * RECORD_BYTES), from);
      fleet.clearDirty();
    }
    const order = fleet.drawOrder();
    if (order.version !== this.state.orderVersion) {
      if (order.length > 0) this.state.order?.write(order.slots.subarray(0, order.length));
      this.state.orderVersion = order.version;
    }
  }
}
