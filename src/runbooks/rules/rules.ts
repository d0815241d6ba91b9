import { actionWithoutApproval } from "./action-without-approval.ts";
import { approvalReleasesNothing } from "./approval-releases-nothing.ts";
import { duplicateStepTitle } from "./duplicate-step-title.ts";
import { headingJump } from "./heading-jump.ts";
import { hiddenCharacter } from "./hidden-character.ts";
import { quorumBelowOne } from "./quorum-below-one.ts";
import type { Rule } from "./rule.ts";
import { secretLiteral } from "./secret-literal.ts";
import { undeclaredRole } from "./undeclared-role.ts";
import { unknownParameter } from "./unknown-parameter.ts";
import { unusedParameter } from "./unused-parameter.ts";

/** Every lint rule, in the order of the format page. */
export const rules: readonly Rule[] = [
  unknownParameter,
  unusedParameter,
  duplicateStepTitle,
  headingJump,
  undeclaredRole,
  actionWithoutApproval,
  approvalReleasesNothing,
  quorumBelowOne,
  secretLiteral,
  hiddenCharacter,
];
