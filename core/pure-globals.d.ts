// What every runtime the pure rooms run in (Node, Electron, browsers) has and the plain ES library does not declare.
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean });
  decode(bytes?: Uint8Array | ArrayBuffer): string;
}
