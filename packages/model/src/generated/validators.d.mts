/** Validators made by scripts/schemas.mjs from schemas/*.schema.json. */

/** One error of a validator, as ajv gives it. */
export interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  readonly propertyName?: string;
}

/** Gives true, or false with `errors` set until the next call. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
  /** The whole schema file that it comes from; `schemaPath` points into it. */
  readonly schema: unknown;
}

export const approval: Validator;
export const baseline: Validator;
export const claimRecord: Validator;
export const claimTypes: Validator;
export const instruction: Validator;
export const instructionForm: Validator;
export const ledgerRecord: Validator;
export const order: Validator;
export const policy: Validator;
