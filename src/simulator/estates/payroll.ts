import type { Estate } from "../estate.ts";
import { readEstate } from "../scenario-files.ts";

/** Contoso's payroll, the estate of every scenario that names no other. */
export const payroll: Estate = readEstate("payroll");
