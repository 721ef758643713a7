// YAML 1.2 as plain values, of which scalars keep their text: their option says what they mean.
import { isAlias, isMap, isScalar, isSeq, type ParsedNode, parseDocument, type Scalar } from 'yaml';

/** What a node is: text or a boolean, a list, or a mapping. */
export type YamlValue = string | boolean | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/**
 * Reads a document; an empty one is `undefined`.
 *
 * @throws Error that says what is wrong with the text: it is no YAML, or has nulls or keys that are no text.
 */
export function parseYamlText(text: string): YamlValue | undefined {
  const document = parseDocument(text);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    throw problem;
  }
  return isEmpty(document.contents) ? undefined : toValue(document.contents);

  function toValue(node: ParsedNode | null): YamlValue {
    if (isAlias(node)) {
      return toValue(node.resolve(document) as ParsedNode);
    }
    if (isSeq(node)) {
      return node.items.map((item) => toValue(item));
    }
    if (isMap(node)) {
      return Object.fromEntries(node.items.map(({ key, value }) => [toKey(key), toNamedValue(toKey(key), value)]));
    }
    return isScalar(node) ? toScalar(node) : refuseNull();
  }

  function toNamedValue(key: string, node: ParsedNode | null): YamlValue {
    return isEmpty(node) ? refuseNull(key) : toValue(node);
  }

  function toKey(node: ParsedNode): string {
    if (isScalar(node) && typeof node.value === 'string') {
      return node.value;
    }
    throw new Error(`the key ${String(node)} is no text; put it in quotes`);
  }
}

function isEmpty(node: ParsedNode | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

function toScalar({ value, source = '' }: Scalar.Parsed): YamlValue {
  if (typeof value === 'number') {
    // Options know one notation of integers.
    return /^(0[xo]|[+-]?\d+$)/.test(source) ? BigInt(source).toString() : source;
  }
  return value === null ? refuseNull() : (value as string | boolean);
}

function refuseNull(key?: string): never {
  throw new Error(key === undefined ? 'it holds a null' : `the key '${key}' has no value`);
}
