import { actionWithoutApproval } from "./action-without-approval.ts";
import { answerAfterApproval } from "./answer-after-approval.ts";
import { answerMayBeMissing } from "./answer-may-be-missing.ts";
import { approvalOnAnotherBranch } from "./approval-on-another-branch.ts";
import { approvalReleasesNothing } from "./approval-releases-nothing.ts";
import { duplicateName } from "./duplicate-name.ts";
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
  duplicateName,
  answerAfterApproval,
  answerMayBeMissing,
  duplicateStepTitle,
  headingJump,
  undeclaredRole,
  actionWithoutApproval,
  approvalReleasesNothing,
  approvalOnAnotherBranch,
  quorumBelowOne,
  secretLiteral,
  hiddenCharacter,
];
