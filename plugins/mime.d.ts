// What mime 4 declares itself; for as long as mime 3 is installed.
declare module 'mime' {
  const mime: { getType(path: string): string | null };
  export default mime;
}
