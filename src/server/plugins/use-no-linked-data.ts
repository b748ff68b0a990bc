import {
  type ASTVisitor,
  type GraphQLCompositeType,
  GraphQLError,
  type GraphQLField,
  getNamedType,
  isCompositeType,
  isObjectType,
  type ValidationContext,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { allows } from '../../access/caller.ts';
import type { Context } from '../../graphql/context.ts';

/**
 * Without the scope READ, callers get from their mutations what these recorded or changed, but
 * nothing that it links to. The document is checked before anything runs, so a rejected mutation
 * changes nothing.
 */
export function useNoLinkedData(): Plugin<Context> {
  return {
    onValidate({ context, addValidationRule }) {
      const { caller } = context;
      // If a read token follows a link, it sees only its rows.
      if (caller.rows === undefined && !allows(caller, 'READ')) addValidationRule(NoLinkedDataRule);
    },
  };
}

function NoLinkedDataRule(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      const [parent, field] = [context.getParentType(), context.getFieldDef()];
      if (parent == null || field == null || !isLink(parent, field)) return;
      const message = `\`${field.name}\` of ${parent.name} needs an API key with the scope READ.`;
      const extensions = { code: 'FORBIDDEN', scope: 'READ' };
      context.reportError(new GraphQLError(message, { nodes: node, extensions }));
    },
  };
}

/** Whether the field reads more than the event or state that contains it. */
function isLink(parent: GraphQLCompositeType, { type, extensions }: GraphQLField<unknown, unknown>): boolean {
  const isNode = isObjectType(parent) && parent.getInterfaces().some(({ name }) => name === 'Node');
  return isNode && (isCompositeType(getNamedType(type)) || 'telltaleCost' in extensions);
}
