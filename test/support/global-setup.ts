import { execFileSync } from 'node:child_process';

/** Tests drive the sources, but the command line and the browser client are the built ones. */
export default function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}
