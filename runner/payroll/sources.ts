/** What a closing is loaded from. Amounts are decimals as text, so that none is ever a floating-point number. */

export interface SourceConcept {
  readonly code: string;
  readonly name: string;
  readonly value: string;
  readonly type: string;
}

export interface SourceEmployee {
  readonly rut: string;
  readonly name: string;
  readonly role: string | null;
  readonly costCentre: string | null;
  /** Only the Libro has it. */
  readonly baseSalary: string | null;
  readonly startDate: string | null;
  readonly concepts: readonly SourceConcept[];
}

export type MovementClass =
  | 'ALTA_BAJA'
  | 'AUSENTISMO'
  | 'VACACIONES'
  | 'ANALISTA_INGRESO'
  | 'ANALISTA_FINIQUITO'
  | 'ANALISTA_INCIDENCIA';

export interface SourceMovement {
  readonly class: MovementClass;
  readonly rut: string;
  readonly type?: string | null;
  readonly date?: string | null;
  readonly until?: string | null;
  readonly days?: number | null;
  readonly text?: string | null;
}

/** Which of the sources a load brings: those are replaced, the others stay. */
export interface Brought {
  readonly libro: boolean;
  readonly novedades: boolean;
  readonly analyst: boolean;
}

export interface ClosingName {
  readonly client: string;
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
}
