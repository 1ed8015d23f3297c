/** A text without the names and passwords of the URLs in it: what is printed ends up in logs. */
export function withoutUserinfo(text: string): string {
  // Of http, "special scheme": any number of slashes will do, also backslashes (WHATWG URL, 4.4).
  return text.replace(/(?<=\bhttps?:[/\\]*|:\/\/)[^/\\?#\s]*@/gi, '');
}
