import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import type { ProcessGroup } from '../process-group.ts';
import type { Project } from './project.ts';

/** The nginx that runs the configurations of the documents; without one that is left out. */
export const nginx = find(process.env.NGINX_PATH ?? 'nginx');

function find(path: string): string | undefined {
  if (spawnSync(path, ['-v']).status === 0) return path;
  if (process.env.CI === 'true') throw new Error('nginx does not run: install it');
  console.warn(
    '\n!!! NO NGINX: ITS TESTS ARE SKIPPED. Install it or set NGINX_PATH to its path.\n',
  );
  return undefined;
}

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** Runs what belongs into a `server` block, in front of the project's port, on the next one. */
export async function runNginx(location: string, project: Project): Promise<ProcessGroup> {
  const folders = TEMPORARY.map((name) => `${name}_temp_path ${project.root}/nginx-${name};`);
  const asRoot = process.getuid?.() === 0 ? 'user root;' : '';
  await project.write(
    'nginx.conf',
    `${asRoot}
    daemon off;
    pid nginx.pid;
    events {}
    http {
      access_log off;
      ${folders.join('\n')}
      server {
        listen 127.0.0.1:${project.port + 1};
        ${location.replace('3000', String(project.port))}
      }
    }`,
  );
  const server = project.command(`${nginx} -p ${project.root} -c nginx.conf -e stderr`);
  const attempt = () =>
    fetch(`http://127.0.0.1:${project.port + 1}`).then(
      () => 'answers',
      () => server.output || 'no answer',
    );
  await expect.poll(attempt, { timeout: 10_000 }).toBe('answers');
  return server;
}
