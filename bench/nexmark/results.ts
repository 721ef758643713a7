// What queries put out: fields in the order of the query, so that all can be compared and summed up alike.

export type Result = readonly (number | string)[];
