// Streams (a:b, a::$DATA), trailing dots and spaces, short names (PROGRA~1), devices (con.txt, com¹).
const WINDOWS_ALIAS =
  /:|[. ]$|~\d|^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?:\.|$)/i;

/**
 * Whether Windows would open something else under this name than a listing shows. Refused on
 * every system, so that a site behaves alike on all of them.
 */
export const isWindowsAlias = (segment: string): boolean => WINDOWS_ALIAS.test(segment);
