// Streams (a:b, a::$DATA), trailing dots and spaces, short names (PROGRA~1), devices (con.txt, com1 with the digit raised).
const WINDOWS_ALIAS =
  /:|[. ]$|~\d|^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d\u00b9\u00b2\u00b3])(?:\.|$)/i;

/**
 * Whether Windows would open something else under this name than a listing shows. Refused on
 * every system, so that a site behaves alike on all of them.
 */
export const isWindowsAlias = (segment: string): boolean => WINDOWS_ALIAS.test(segment);
