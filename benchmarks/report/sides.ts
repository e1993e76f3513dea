import type { Round } from '../contention/model.js';
import type { Recording } from '../recording.js';

/** Rounds that are shown together: of one architecture of one recording. */
export interface ReportSide {
  readonly name: string;
  readonly rounds: readonly Round[];
  readonly recording: Recording;
}

/** The sides of one recording, or of two. */
export function sidesOf(recordings: readonly Recording[]): readonly ReportSide[] {
  return recordings.flatMap((recording) =>
    [...new Set(recording.rounds.map(({ architecture }) => architecture))].map((architecture) => ({
      name: recordings.length === 1 ? architecture : `${recording.label}: ${architecture}`,
      rounds: recording.rounds.filter((round) => round.architecture === architecture),
      recording,
    })),
  );
}
