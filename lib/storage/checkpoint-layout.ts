// Where the parts of checkpoints are in a store:
//
//   chk-<id>/[<backend>/]000012.sst …   files of one checkpoint; those of a single backend are directly in it
//   chk-<id>/_metadata                  written last: it makes the checkpoint complete
//   chk-<id>/_protected                 keeps retention from deleting it
//   shared/<uuid>-000007.sst …          files that several checkpoints may use
import { METADATA_FILE } from './metadata-file.ts';

/** Directory of files that several checkpoints may use. */
export const SHARED_DIRECTORY = 'shared';

const PROTECTED_FILE = '_protected';
const DIRECTORY_PATTERN = /^chk-(0|[1-9]\d{0,15})$/;

export function directoryOf(checkpointId: number): string {
  return `chk-${checkpointId}`;
}

export function metadataOf(checkpointId: number): string {
  return `${directoryOf(checkpointId)}/${METADATA_FILE}`;
}

/** The mark that retention must not delete a checkpoint. */
export function protectionOf(checkpointId: number): string {
  return `${directoryOf(checkpointId)}/${PROTECTED_FILE}`;
}

/** The id of the checkpoint whose directory has this name; `undefined` for any other name. */
export function checkpointIdOf(name: string): number | undefined {
  const id = Number(DIRECTORY_PATTERN.exec(name)?.[1]);
  return Number.isSafeInteger(id) ? id : undefined;
}

/** Whether what is in a directory, or below, belongs to checkpoints: whatever else is beside them is not ours. */
export function isManaged(directory: string): boolean {
  return directory === SHARED_DIRECTORY || DIRECTORY_PATTERN.test(directory);
}
