// The distance between elements.

/** How far an element is from an older one. */
export type DeltaFunction<T> = (oldElement: T, newElement: T) => number;
