// written by carril codegen, never edited
export * as sitio from './sitio.js';
