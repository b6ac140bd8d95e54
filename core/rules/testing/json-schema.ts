/** The part of JSON schema (draft 7) that rule-pack.schema.json uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: false;
  readonly items?: JsonSchema;
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
  ...['$ref', 'type', 'enum', 'pattern', 'maxLength', 'required', 'properties', 'additionalProperties', 'items'],
  ...['oneOf', 'anyOf', 'not', 'definitions', '$schema', 'title', 'description', 'examples'],
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
  if (schema.type !== undefined && ![schema.type].flat().includes(typeOf(value))) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (typeof value === 'string') {
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) return false;
    if (schema.maxLength !== undefined && value.length > schema.maxLength) return false;
  }
  if (Array.isArray(value) && schema.items && !value.every((v) => isValid(schema.items!, v, root))) return false;
  if (typeOf(value) === 'object' && !isValidObject(schema, value as Record<string, unknown>, root)) return false;
  if (schema.oneOf && schema.oneOf.filter((s) => isValid(s, value, root)).length !== 1) return false;
  if (schema.anyOf && !schema.anyOf.some((s) => isValid(s, value, root))) return false;
  return !(schema.not && isValid(schema.not, value, root));
}

function isValidObject(schema: JsonSchema, value: Record<string, unknown>, root: JsonSchema): boolean {
  if (schema.required?.some((key) => !(key in value))) return false;
  return Object.entries(value).every(([key, v]) => {
    const property = schema.properties?.[key];
    return property ? isValid(property, v, root) : schema.additionalProperties !== false;
  });
}
