import { isOriginForm } from '../../plugins/files/origin-form.ts';

/** Why a request-target is not looked at any further; undefined for one that is. */
export type TargetFault = 'malformed' | 'too long';

/** What is wrong with the form of a request-target; total, whatever the client sent. */
export function faultOf(target: string, maxLength: number): TargetFault | undefined {
  if (target.length > maxLength) return 'too long';
  return isOriginForm(target) ? undefined : 'malformed';
}
