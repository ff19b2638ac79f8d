/** Policies by name. */

import type { PolicyClass } from '../core/policy.js';
import { MainOnly } from './main_only.js';
import { WebLock } from './web_lock.js';
import { WebLockLease } from './web_lock_lease.js';

export const POLICIES: { readonly [name: string]: PolicyClass } = {
  'main-only': MainOnly,
  'web-lock': WebLock,
  'web-lock-lease': WebLockLease,
};
export const RECOMMENDED = 'web-lock-lease';
