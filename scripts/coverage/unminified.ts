import type { Plugin } from "esbuild";

/** Where coverage is measured, statements stay as they are written, or they could not be told apart in the sources. */
export const unminified: Plugin = {
  name: "unminified",
  setup({ initialOptions }) {
    initialOptions.minifySyntax = false;
  },
};
