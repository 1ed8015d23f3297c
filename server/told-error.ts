import { homedir, tmpdir } from 'node:os';
import type { FastifyError } from 'fastify';

/** Folders that no text for a client names; the root of the disk is in every path of a URL. */
const FOLDERS = [process.cwd(), homedir(), tmpdir()].filter((folder) => folder.length > 1);

/**
 * The error itself, or, where its text tells of the disk or the machine, one in its place that
 * clients may be told of; it is the `cause`, for the log.
 * @param status that it is answered with
 */
export function toldError(error: FastifyError, status: number): FastifyError {
  if (!isOfMachine(error, status)) return error;
  const code = typeof error.code === 'string' ? error.code : 'ERROR';
  const told = new Error(`${code}: the log of the server says more`, { cause: error });
  return Object.assign(told, { code, statusCode: status });
}

/** Errors of the system name paths and addresses, those of a failed import the file that has it. */
function isOfMachine(error: FastifyError, status: number): boolean {
  if ('syscall' in error || error.code === 'ERR_MODULE_NOT_FOUND') return true;
  // What is wrong with a request may have a path of its own.
  if (status >= 500 && ['path', 'dest', 'requireStack'].some((name) => name in error)) return true;
  const message = String(error.message);
  return message.includes('file://') || FOLDERS.some((folder) => message.includes(folder));
}
