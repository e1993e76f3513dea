/** A line of a fund's holdings, as `homol.IPA` takes it; decimals as text. */
export interface Position {
  readonly date: string;
  /** The fund's Portfolio_Geneva. */
  readonly portfolio: string;
  readonly investId: string;
  readonly ticker: string | null;
  readonly description: string;
  readonly currency: string;
  readonly quantity: string;
  readonly localPrice: string | null;
  readonly marketValue: string;
  readonly weight: string | null;
}

/** A fund, as `dimensionales.BD_Funds` takes it. */
export interface Fund {
  readonly shortName: string;
  readonly portfolioGeneva: string;
  readonly portfolioCapm: string | null;
  readonly portfolioDerivados: string | null;
  readonly portfolioUbs: string | null;
  readonly flagUbs: boolean;
  readonly flagDerivados: boolean;
  readonly active: boolean;
  readonly incluirEnCubo: boolean;
}
