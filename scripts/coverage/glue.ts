import type { ResolvedCoverageOptions } from "vitest/node";

type IgnoreNode = NonNullable<ResolvedCoverageOptions["ignoreNode"]>;
type Node = Parameters<IgnoreNode>[0];

/**
 * What esbuild itself puts into a file, to hand over exports: its maps place it on the nearest line of a source, as
 * one statement more. For coverage's `ignoreNode`.
 */
export const ignoreGlue: IgnoreNode = (node, type) =>
  type === "statement" && isGlue(node) ? "ignore-this-and-nested-nodes" : undefined;

function isGlue(node: Node): boolean {
  if (node.type === "VariableDeclarator") return node.id.type === "Identifier" && isOfBundler(node.id.name);
  if (node.type !== "ExpressionStatement") return false;
  const { expression } = node;
  switch (expression.type) {
    case "CallExpression":
      return expression.callee.type === "Identifier" && isOfBundler(expression.callee.name);
    case "AssignmentExpression":
      return isModuleExports(expression.left);
    // 0 && (module.exports = …), for whoever looks for names without running it.
    case "LogicalExpression":
      return expression.right.type === "AssignmentExpression" && isModuleExports(expression.right.left);
    default:
      return false;
  }
}

function isModuleExports(node: Node): boolean {
  return node.type === "MemberExpression" && node.object.type === "Identifier" && node.object.name === "module";
}

/** Its functions, what a file exports, and what one file has of another. */
function isOfBundler(name: string): boolean {
  return /^__(?!vite)|_exports$|^import_/.test(name);
}
