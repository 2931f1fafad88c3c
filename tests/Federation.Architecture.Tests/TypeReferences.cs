using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Federation.Architecture.Tests;

/// <summary>Every type that a compiled type mentions: in its signatures, its attributes and the bodies of its methods.</summary>
/// <remarks>The compiler writes the value of a constant in place of its name, so that the use of a constant or of <c>nameof</c> is no reference.</remarks>
internal static class TypeReferences
{
    /// <summary>The types that <paramref name="type"/> mentions, as they stand: arrays, generic instances and all.</summary>
    public static IEnumerable<TypeReference?> Of(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.SelectMany(entry => Attributes(entry).Append(entry.InterfaceType)),
        .. Attributes(type),
        .. GenericParameters(type),
        .. type.Fields.SelectMany(field => Attributes(field).Append(field.FieldType)),
        .. type.Properties.SelectMany(property => Attributes(property).Append(property.PropertyType)),
        .. type.Events.SelectMany(entry => Attributes(entry).Append(entry.EventType)),
        .. type.Methods.SelectMany(Method),
    ];

    /// <summary>The types that a mentioned type is made of: of <c>Dictionary&lt;A, B[]&gt;</c> its own definition, A and B.</summary>
    public static IEnumerable<TypeDefinition> Definitions(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType instance => Definitions(instance.ElementType).Concat(instance.GenericArguments.SelectMany(Definitions)),
        IModifierType modified => Definitions(modified.ElementType).Concat(Definitions(modified.ModifierType)),
        FunctionPointerType pointer => Signature(pointer).SelectMany(Definitions),
        TypeSpecification wrapped => Definitions(wrapped.ElementType),
        TypeDefinition definition => [definition],
        _ => [],
    };

    private static IEnumerable<TypeReference?> Method(MethodDefinition method) =>
    [
        .. Signature(method), .. Attributes(method), .. Attributes(method.MethodReturnType), .. GenericParameters(method),
        .. method.Parameters.SelectMany(Attributes),
        .. method.Overrides.Select(overridden => overridden.DeclaringType),
        .. method.HasBody ? Body(method.Body) : [],
    ];

    private static IEnumerable<TypeReference?> Body(MethodBody body) =>
    [
        .. body.Variables.Select(variable => variable.VariableType),
        .. body.ExceptionHandlers.Select(handler => handler.CatchType),
        .. body.Instructions.SelectMany(instruction => Operand(instruction.Operand)),
    ];

    private static IEnumerable<TypeReference?> Operand(object? operand) => operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod instance => [instance.DeclaringType, .. instance.GenericArguments],
        MemberReference member => [member.DeclaringType],
        CallSite site => Signature(site),
        _ => [],
    };

    private static IEnumerable<TypeReference?> Signature(IMethodSignature method) =>
        method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType);

    private static IEnumerable<TypeReference?> GenericParameters(IGenericParameterProvider generic) => generic.GenericParameters
        .SelectMany(parameter => Attributes(parameter).Concat(parameter.Constraints.Select(constraint => constraint.ConstraintType)));

    private static IEnumerable<TypeReference?> Attributes(ICustomAttributeProvider owner) => owner.CustomAttributes.SelectMany(attribute =>
        attribute.ConstructorArguments.Concat(attribute.Fields.Concat(attribute.Properties).Select(named => named.Argument))
            .SelectMany(Argument).Append(attribute.AttributeType));

    private static IEnumerable<TypeReference?> Argument(CustomAttributeArgument argument) => argument.Value switch
    {
        TypeReference type => [argument.Type, type],
        CustomAttributeArgument boxed => Argument(boxed),
        CustomAttributeArgument[] many => many.SelectMany(Argument),
        _ => [argument.Type],
    };
}
