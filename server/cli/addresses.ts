import type { NetworkInterfaceInfo } from 'node:os';

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Of containers, virtual machines and tunnels: a phone does not reach them. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|vEthernet|utun|tun|tap|wg|tailscale)/;
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|::1|\[::1\])$/i;

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** The URLs by which other machines reach a server, the likeliest first. */
export function networkUrls(url: string, host: string, interfaces: Interfaces): string[] {
  if (isLoopback(host)) return [];
  if (host !== '0.0.0.0' && host !== '::') return [url];
  return (
    Object.entries(interfaces)
      .flatMap(([name, addresses = []]) => addresses.map((address) => ({ name, ...address })))
      .filter(({ internal, family }) => !internal && (host === '::' || family === 'IPv4'))
      // A link-local IPv6 address needs a zone, which a URL cannot name.
      .filter(({ address }) => !/^fe[89ab]/i.test(address))
      .sort((one, other) => rank(one) - rank(other))
      .map(({ address, family }) => {
        const { protocol, port } = new URL(url);
        return `${protocol}//${family === 'IPv6' ? `[${address}]` : address}${port && `:${port}`}/`;
      })
  );
}

function rank({ name, family }: { readonly name: string; readonly family: string }): number {
  return (VIRTUAL.test(name) ? 2 : 0) + (family === 'IPv6' ? 1 : 0);
}
