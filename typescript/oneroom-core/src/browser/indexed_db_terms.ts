/**
 * The counter of terms in IndexedDB: the only store of an origin whose transactions are atomic over
 * its windows. A browser that refuses it answers nothing: the window then never owns.
 */

import type { Deliver, Terms } from './ports.js';

const STORE = 'terms';
const KEY = 'term';

export class IndexedDbTerms implements Terms {
  private readonly opened: Promise<IDBDatabase>;

  constructor(
    database: string,
    private readonly deliver: Deliver,
  ) {
    this.opened = new Promise((resolve, reject) => {
      const request = indexedDB.open(database, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('IndexedDB is refused'));
    });
    this.opened.catch(() => {}); // told by each request that waits for it
  }

  take(number: number, after: number): void {
    void this.transact('readwrite', (store, term) => {
      if (after >= 0 && term !== after) {
        return () => this.deliver({ type: 'TermSeen', number, term });
      }
      store.put(term + 1, KEY);
      return () => this.deliver({ type: 'TermTaken', number, term: term + 1 });
    });
  }

  read(number: number): void {
    void this.transact('readonly', (_, term) => () => {
      this.deliver({ type: 'TermSeen', number, term });
    });
  }

  /** Run `work` with the highest term so far, and what it returns once that is stored. */
  private async transact(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore, term: number) => () => void,
  ): Promise<void> {
    let database: IDBDatabase;
    try {
      database = await this.opened;
    } catch (error) {
      console.error('oneroom-core: no IndexedDB, so this window cannot own the call', error);
      return;
    }
    const transaction = database.transaction(STORE, mode);
    const store = transaction.objectStore(STORE);
    const found: IDBRequest<unknown> = store.get(KEY);
    found.onsuccess = () => {
      const done = work(store, typeof found.result === 'number' ? found.result : 0);
      transaction.oncomplete = done;
    };
  }
}
