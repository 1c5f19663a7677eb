/** Text as octets in UTF-16, the lower octet of each unit first. */

/** Without a null of its own. */
export function utf16(text: string): Uint8Array {
  const data = new Uint8Array(text.length * 2);
  utf16Into(new DataView(data.buffer), 0, text);
  return data;
}

export function utf16Into(view: DataView, at: number, text: string): void {
  for (let index = 0; index < text.length; index++) {
    view.setUint16(at + index * 2, text.charCodeAt(index), true);
  }
}

/** By code units: what is no pair, or would be a byte order mark, is kept. An odd octet at the end is left out. */
export function fromUtf16(data: Uint8Array): string {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let text = "";
  for (let at = 0; at + 1 < data.length; at += 2)
    text += String.fromCharCode(view.getUint16(at, true));
  return text;
}
