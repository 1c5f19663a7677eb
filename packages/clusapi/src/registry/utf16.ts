/** Text as octets in UTF-16, the lower octet of each unit first. */

const decoder = new TextDecoder("utf-16le");

export function utf16(text: string): Uint8Array {
  const data = new Uint8Array(text.length * 2);
  const view = new DataView(data.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), true);
  return data;
}

export function fromUtf16(data: Uint8Array): string {
  return decoder.decode(data);
}
