// Rules for the page and its tests. What a type says is checked by tsc, not here.
import js from "@eslint/js";
import globals from "globals";

const BROWSER_ONLY = ["document", "window", "navigator", "localStorage", "performance", "Date"];

export default [
  { ignores: ["web/vendor/**", "node_modules/**", ".venv/**", "build/**", "dist/**"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "no-console": ["error", { allow: ["warn", "error"] }],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-shadow": "error",
      "no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", caughtErrorsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  {
    files: ["web/**/*.js", "tests/bench/peers/page/*.js"],
    ignores: ["web/core/**"],
    languageOptions: { globals: globals.browser },
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]",
          message: "What people type reaches the page as text nodes only.",
        },
      ],
    },
  },
  {
    // The pure cores: no page, no storage, no clock.
    files: ["web/core/**/*.js"],
    languageOptions: { globals: {} },
    rules: { "no-restricted-globals": ["error", ...BROWSER_ONLY] },
  },
  { files: ["tests/web/**/*.{js,mjs}", "eslint.config.js"], languageOptions: { globals: globals.nodeBuiltin } },
];
