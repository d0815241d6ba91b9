import { actionWithoutApproval } from "./action-without-approval.ts";
import { actionWithoutUndo } from "./action-without-undo.ts";
import { answerAfterApproval } from "./answer-after-approval.ts";
import { answerMayBeMissing } from "./answer-may-be-missing.ts";
import { approvalOnAnotherBranch } from "./approval-on-another-branch.ts";
import { approvalReleasesNothing } from "./approval-releases-nothing.ts";
import { approvalsEatRto } from "./approvals-eat-rto.ts";
import { approverPerforms } from "./approver-performs.ts";
import { cardTooLong } from "./card-too-long.ts";
import { checkCannotFail } from "./check-cannot-fail.ts";
import { duplicateName } from "./duplicate-name.ts";
import { duplicateStepTitle } from "./duplicate-step-title.ts";
import { headingJump } from "./heading-jump.ts";
import { hiddenCharacter } from "./hidden-character.ts";
import { liveActionInTest } from "./live-action-in-test.ts";
import { liveWithoutAuthority } from "./live-without-authority.ts";
import { noTimeout } from "./no-timeout.ts";
import { objectiveWithoutMarks } from "./objective-without-marks.ts";
import { quorumBelowOne } from "./quorum-below-one.ts";
import { quorumNeverMet } from "./quorum-never-met.ts";
import { rollbackInLive } from "./rollback-in-live.ts";
import type { Rule } from "./rule.ts";
import { secretLiteral } from "./secret-literal.ts";
import { undeclaredRole } from "./undeclared-role.ts";
import { unknownParameter } from "./unknown-parameter.ts";
import { unreachableStep } from "./unreachable-step.ts";
import { unusedParameter } from "./unused-parameter.ts";
import { waitTooShort } from "./wait-too-short.ts";

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
  unreachableStep,
  quorumNeverMet,
  approverPerforms,
  actionWithoutUndo,
  rollbackInLive,
  liveActionInTest,
  liveWithoutAuthority,
  noTimeout,
  approvalsEatRto,
  objectiveWithoutMarks,
  checkCannotFail,
  waitTooShort,
  cardTooLong,
  secretLiteral,
  hiddenCharacter,
];
