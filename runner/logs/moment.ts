const day = 86_400_000;
/** Years that a date without one is looked for in: two 29ths of February lie at most eight apart. */
const yearsBack = 8;

/** What a timestamp says, part by part as it is read: the instant is only worked out for lines that need it. */
export class Moment {
  /** -1: the timestamp has none. */
  year = -1;
  /** 0: the timestamp has no date. */
  month = 0;
  day = 1;
  /** 1 to 366 when the timestamp counts its days so, else 0. */
  dayOfYear = 0;
  hour = 0;
  minute = 0;
  second = 0;
  milli = 0;
  half: 'AM' | 'PM' | null = null;
  /** Minutes east of UTC. */
  offset = 0;
  /** Seconds since 1970 when the timestamp is written so, else null. */
  epoch: number | null = null;
  /** Priority of a syslog line (`<34>`), else -1. */
  priority = -1;
  /** Whether the level may stand at the beginning of the next line, as java.util.logging writes it. */
  levelOnNextLine = false;

  clear(): void {
    this.year = -1;
    this.month = 0;
    this.day = 1;
    this.dayOfYear = 0;
    this.hour = 0;
    this.minute = 0;
    this.second = 0;
    this.milli = 0;
    this.half = null;
    this.offset = 0;
    this.epoch = null;
    this.priority = -1;
    this.levelOnNextLine = false;
  }

  /**
   * The instant; UTC when the timestamp names no zone. A year that is missing is the last one in which the date is not
   * later than the file's last write (a day is allowed for zones). null when there is no date, or none like it.
   */
  instant(mtimeMs: number): Date | null {
    if (this.epoch !== null) return inRange(this.epoch * 1000 + this.milli);
    if (this.month === 0 && this.dayOfYear === 0) return null;
    if (this.year >= 0) return this.#inYear(this.year);
    const latest = mtimeMs + day;
    const newest = new Date(latest).getUTCFullYear();
    for (let year = newest; year >= newest - yearsBack; year -= 1) {
      const found = this.#inYear(year);
      if (found !== null && found.getTime() <= latest) return found;
    }
    return null;
  }

  #inYear(year: number): Date | null {
    const date = new Date(0);
    if (this.dayOfYear > 0) date.setUTCFullYear(year, 0, this.dayOfYear);
    else date.setUTCFullYear(year, this.month - 1, this.day);
    const exists =
      this.dayOfYear > 0
        ? date.getUTCFullYear() === year
        : date.getUTCMonth() === this.month - 1 && date.getUTCDate() === this.day;
    if (!exists) return null;
    const hour = this.half === null ? this.hour : (this.hour % 12) + (this.half === 'PM' ? 12 : 0);
    date.setUTCHours(hour, this.minute, this.second, this.milli);
    return inRange(date.getTime() - this.offset * 60_000);
  }
}

/** A database's dates reach from year 1 to 9999. */
function inRange(ms: number): Date | null {
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? date : null;
}
