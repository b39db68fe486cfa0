/**
 * Agents of workflows: what they have to do goes to the WorkflowTaskSet of the workflow's name; their plugins come from ConfigMaps.
 */
@org.jspecify.annotations.NullMarked
package io.tiphys.controller.agent;
