/** How Teams draws Adaptive Cards. Colours are CSS variables, so that light and dark need no redrawing. */

const textColours = (name) => ({ default: `var(--${name})`, subtle: `var(--${name}-subtle)` });

const foreground = (plain) => ({
  default: textColours(plain),
  dark: textColours("card-text"),
  light: textColours("card-light"),
  accent: textColours("card-accent"),
  good: textColours("card-good"),
  warning: textColours("card-warning"),
  attention: textColours("card-attention"),
});

const container = (name) => ({
  backgroundColor: name === "default" ? "transparent" : `var(--box-${name})`,
  foregroundColors: foreground(`on-${name}`),
});

export const hostConfig = {
  supportsInteractivity: true,
  fontFamily: "var(--font)",
  fontTypes: {
    default: { fontFamily: "var(--font)", fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 } },
    monospace: { fontFamily: "var(--mono)", fontSizes: { small: 12, default: 13, medium: 15, large: 17, extraLarge: 22 } },
  },
  fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
  fontWeights: { lighter: 300, default: 400, bolder: 600 },
  lineHeights: { small: 16, default: 20, medium: 22, large: 24, extraLarge: 32 },
  spacing: { small: 4, default: 8, medium: 14, large: 20, extraLarge: 28, padding: 16 },
  separator: { lineThickness: 1, lineColor: "var(--card-line)" },
  imageSizes: { small: 32, medium: 52, large: 100 },
  containerStyles: {
    default: container("default"),
    emphasis: container("emphasis"),
    accent: container("accent"),
    good: container("good"),
    warning: container("warning"),
    attention: container("attention"),
  },
  actions: {
    maxActions: 6,
    spacing: "medium",
    buttonSpacing: 8,
    actionsOrientation: "horizontal",
    actionAlignment: "left",
    showCard: { actionMode: "inline", inlineTopMargin: 14, style: "emphasis" },
  },
  adaptiveCard: { allowCustomStyle: false },
  inputs: {
    label: {
      inputSpacing: "small",
      requiredInputs: { weight: "default", color: "default", suffix: " (required)", suffixColor: "default" },
      optionalInputs: { weight: "default", color: "default" },
    },
    errorMessage: { color: "attention", spacing: "small", weight: "default" },
  },
  factSet: {
    title: { color: "default", size: "default", isSubtle: false, weight: "bolder", wrap: true, maxWidth: 140 },
    value: { color: "default", size: "default", isSubtle: false, weight: "default", wrap: true },
    spacing: 20,
  },
  // Below the page's own heading; without it a screen reader is told of a heading of no level.
  textBlock: { headingLevel: 2 },
  table: { cellSpacing: 6 },
};
