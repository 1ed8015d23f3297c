/** A text without the names and passwords of the URLs in it: what is printed ends up in logs. */
export function withoutUserinfo(text: string): string {
  return text.replace(/(?<=:\/\/)[^/?#\s]*@/g, '');
}
