import { randomFrom, seed } from '../random.ts';

/** Texts that a client may send as its last event id; each character is one byte. */
export function hostileIds(epoch: string): string[] {
  const random = randomFrom(seed);
  const noise = Array.from({ length: 40 }, () => {
    const length = 1 + Math.floor(random() ** 3 * 400);
    return Array.from({ length }, () => String.fromCharCode(Math.floor(random() * 256))).join('');
  });
  const future = ['999999', '9007199254740991', '9007199254740992', '18446744073709551616'];
  const numbers = ['', '-1', '01', '1.5', '1e3', '+1', '0x1', ' 1', '1 ', '1-0', '1-*', 'NaN', '*'];
  const ours = [...future, ...numbers].map((number) => `${epoch}-${number}`);
  const others = [
    'otherlog-3',
    `${epoch.toUpperCase()}-3`,
    `${'z'.repeat(40)}-3`,
    '-3',
    '3',
    '__proto__',
  ];
  const ofRedis = [
    '-',
    '+',
    '$',
    '>',
    '*',
    '0-0',
    '0',
    '(0',
    '\r\nFLUSHALL\r\n',
    `${epoch}-3\r\nFLUSHALL`,
  ];
  const lines = [
    `${epoch}-3\ndata: x`,
    `${epoch}-3\n\n`,
    '\n',
    '\0',
    `${epoch}-3\0`,
    '\u0085',
    '%0A',
    '%',
  ];
  const markup = ['</script>', '"', '{"recovered":true}', "' OR 1=1 --", '../../etc/passwd'];
  const long = [`${epoch}-${'1'.repeat(4000)}`, `${epoch}${'a'.repeat(4500)}-3`];
  return [...noise, ...ours, ...others, ...ofRedis, ...lines, ...markup, ...long];
}
