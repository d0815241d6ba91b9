import { z } from "zod";

/** Roles that exist without being declared: whoever runs Drillbook says who fills them. */
export const builtInRoles: readonly string[] = ["operator", "approver", "owner", "reviewer"];

export const roleNamePattern = /^[a-z][a-z0-9-]{0,62}$/;

export const roleName = z.string().regex(roleNamePattern, { error: "This is not the name of a role.\nUse small letters, digits and hyphens." });
