/** The part of JSON schema (draft 7) that rule-pack.schema.json uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: false;
  /** A list: of the first items one by one; the others are `additionalItems`. */
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly additionalItems?: JsonSchema;
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  readonly allOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
}

const KEYWORDS = new Set([
  ...['$ref', 'type', 'enum', 'pattern', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum', 'minItems', 'maxItems'],
  ...['required', 'properties', 'additionalProperties', 'dependencies', 'items', 'additionalItems'],
  ...['allOf', 'oneOf', 'anyOf', 'not', 'definitions', '$schema', 'title', 'description', 'examples'],
]);

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** True when `value` is what the schema asks for. Throws on a keyword that it does not know. */
export function isValid(schema: JsonSchema, value: unknown, root: JsonSchema): boolean {
  for (const keyword of Object.keys(schema)) {
    if (!KEYWORDS.has(keyword)) throw new Error(`this validator does not know ${keyword}`);
  }
  if (schema.$ref !== undefined) {
    const target = root.definitions?.[schema.$ref.replace('#/definitions/', '')];
    if (!target) throw new Error(`${schema.$ref} leads nowhere`);
    return isValid(target, value, root);
  }
  if (schema.type !== undefined && ![schema.type].flat().some((type) => isOf(type, value))) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (typeof value === 'string') {
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) return false;
    if (schema.maxLength !== undefined && value.length > schema.maxLength) return false;
  }
  if (typeof value === 'number' && !isInRange(schema, value)) return false;
  if (Array.isArray(value) && !isValidList(schema, value, root)) return false;
  if (typeOf(value) === 'object' && !isValidObject(schema, value as Record<string, unknown>, root)) return false;
  if (schema.allOf && !schema.allOf.every((s) => isValid(s, value, root))) return false;
  if (schema.oneOf && schema.oneOf.filter((s) => isValid(s, value, root)).length !== 1) return false;
  if (schema.anyOf && !schema.anyOf.some((s) => isValid(s, value, root))) return false;
  return !(schema.not && isValid(schema.not, value, root));
}

function isOf(type: string, value: unknown): boolean {
  return type === 'integer' ? Number.isInteger(value) : typeOf(value) === type;
}

function isInRange({ minimum, maximum, exclusiveMinimum }: JsonSchema, value: number): boolean {
  if (minimum !== undefined && value < minimum) return false;
  if (maximum !== undefined && value > maximum) return false;
  return exclusiveMinimum === undefined || value > exclusiveMinimum;
}

function isValidList(
  { items, additionalItems, minItems = 0, maxItems }: JsonSchema,
  list: unknown[],
  root: JsonSchema,
): boolean {
  if (list.length < minItems || (maxItems !== undefined && list.length > maxItems)) return false;
  if (items === undefined) return true;
  const firsts = 'length' in items ? items : [];
  const others = 'length' in items ? additionalItems : items;
  return list.every((value, i) => {
    const schema = firsts[i] ?? others;
    return schema === undefined || isValid(schema, value, root);
  });
}

function isValidObject(schema: JsonSchema, value: Record<string, unknown>, root: JsonSchema): boolean {
  if (schema.required?.some((key) => !(key in value))) return false;
  const needs = Object.entries(schema.dependencies ?? {}).filter(([key]) => key in value);
  if (needs.some(([, keys]) => keys.some((key) => !(key in value)))) return false;
  return Object.entries(value).every(([key, v]) => {
    const property = schema.properties?.[key];
    return property ? isValid(property, v, root) : schema.additionalProperties !== false;
  });
}
