using System.Reflection;
using Federation.Contracts;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>What silos of two versions, side by side while a federation is upgraded, know each other's calls by.</summary>
public sealed class ContractTests
{
    private static readonly Type[] Types = typeof(ISiteGrain).Assembly.GetTypes();
    private static readonly Type[] Grains = [.. Types.Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrain)))];

    [Fact]
    public void Every_grain_and_every_message_has_a_name_of_its_own_on_the_wire_that_a_renamed_type_keeps()
    {
        var messages = Types.Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null);
        var named = Grains.Concat(messages).ToList();
        named.ShouldNotBeEmpty();
        named.Where(type => type.GetCustomAttribute<AliasAttribute>() is null).ShouldBeEmpty();
        named.Select(type => type.GetCustomAttribute<AliasAttribute>()!.Alias).ShouldBeUnique();
    }

    [Fact]
    public void Every_call_has_a_name_of_its_own_within_its_grain_that_a_renamed_method_keeps()
    {
        foreach (var grain in Grains)
        {
            var calls = grain.GetMethods();
            calls.Where(call => call.GetCustomAttribute<AliasAttribute>() is null).ShouldBeEmpty(grain.Name);
            calls.Select(call => call.GetCustomAttribute<AliasAttribute>()!.Alias).ShouldBeUnique(grain.Name);
        }
    }

    [Fact]
    public void Every_member_of_a_message_has_a_number()
    {
        foreach (var message in Types.Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null))
        {
            var written = message.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
                .Where(member => message.GetField($"<{member.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic) is not null);
            written.Where(member => member.GetCustomAttribute<IdAttribute>() is null).Select(member => member.Name).ShouldBeEmpty(message.Name);
        }
    }
}
