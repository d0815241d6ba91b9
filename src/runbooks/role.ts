import { z } from "zod";

/** Roles that exist without being declared: whoever runs Drillbook says who fills them. */
export const builtInRoles: readonly string[] = ["operator", "approver", "owner", "reviewer"];

export const roleName = z.string().max(63).regex(/^[a-z][a-z0-9-]*$/, { error: "A role is named with small letters, digits and hyphens." });
