import { isRenewal, isRenewed } from './renew.ts';

/**
 * @param paths that only the client asks for
 * @returns tells the client's own requests from those of the page, as far as a URL tells it
 */
export function ownRequests(script: string, paths: readonly string[]): (url: string) => boolean {
  const { pathname: folder } = new URL('.', script);
  const { origin } = location;
  return (url) => {
    const requested = new URL(url);
    if (requested.origin !== origin) return false;
    const { pathname, search } = requested;
    // Whether the page is still there is asked for under its own URL.
    const isPage = pathname + search === location.pathname + location.search;
    if (isRenewal(url) || isRenewed(url)) return true;
    return isPage || pathname.startsWith(folder) || paths.includes(pathname);
  };
}
