/** A value that others may watch. */
export interface Store<T> {
  get(): T;
  /** Merges some fields in and tells everyone. */
  change(fields: Partial<T>): void;
  watch(listener: (value: T) => void): void;
}

export function store<T extends object>(first: T): Store<T> {
  let value = first;
  const listeners: ((value: T) => void)[] = [];
  return {
    get: () => value,
    change(fields) {
      value = { ...value, ...fields };
      for (const listener of listeners) listener(value);
    },
    watch(listener) {
      listeners.push(listener);
    },
  };
}
