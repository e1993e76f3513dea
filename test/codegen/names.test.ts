import t from 'tap';

import { camelCase, namespaceName, pascalCase, wrapperName } from '../../codegen/names.js';

const camel = {
  ID_Proceso: 'idProceso',
  FechaReporte: 'fechaReporte',
  Duracion_Ms: 'duracionMs',
  Estado_Process_IPA: 'estadoProcessIpa',
  Arriendo_s: 'arriendoS',
  TotalFondos: 'totalFondos',
  InvestID: 'investId',
  NAVDate: 'navDate',
  Año_Fiscal: 'añoFiscal',
  '1er_Dia': '_1ErDia',
  'Con espacio': 'conEspacio',
  '%': '_',
};
for (const [name, expected] of Object.entries(camel)) t.equal(camelCase(name), expected, name);

const wrappers = {
  sp_Inicializar_Proceso: 'inicializarProceso',
  Extract_IPA: 'extractIpa',
  Extract_PosModRF: 'extractPosModRf',
  IPA_01_RescatarLocalPrice_v2: 'ipa01RescatarLocalPriceV2',
  sp_Delete: 'delete_',
  sp_Procedures: 'procedures_',
};
for (const [name, expected] of Object.entries(wrappers)) t.equal(wrapperName(name), expected, name);

t.equal(pascalCase('Lista_Fondos_v1'), 'ListaFondosV1');
t.equal(namespaceName('default'), 'default_');
