import type { Handler } from '../lanes/handler.js';
import { fundsHandler } from './funds.js';
import { legacyFundsHandler } from './legacy-funds.js';
import { logsHandler } from './logs.js';
import { payrollHandler } from './payroll.js';

/** Every kind of work this version knows; a new kind adds its handler here and nothing to the loop. */
export const handlers: readonly Handler[] = [fundsHandler, legacyFundsHandler, logsHandler, payrollHandler];
