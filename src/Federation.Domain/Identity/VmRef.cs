using System.Diagnostics.CodeAnalysis;

namespace Federation.Domain.Identity;

/// <summary>A VM in the whole federation: its application and its name in it.</summary>
/// <param name="Application">The application.</param>
/// <param name="Vm">The VM.</param>
public readonly record struct VmRef(AppId Application, VmId Vm) : IComparable<VmRef>
{
    /// <summary>Reads <c>cg/vm1</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out VmRef vm)
    {
        var slash = text?.IndexOf('/') ?? -1;
        vm = slash > 0 && slash < text!.Length - 1 ? new(new(text[..slash]), new(text[(slash + 1)..])) : default;
        return vm != default;
    }

    /// <summary>Reads <c>cg/vm1</c>.</summary>
    /// <exception cref="FormatException">It is not of that form.</exception>
    public static VmRef Parse(string text) =>
        TryParse(text, out var vm) ? vm : throw new FormatException($"'{text}' is not APPLICATION/VM");

    /// <summary>By application, then by VM.</summary>
    public int CompareTo(VmRef other)
    {
        var byApplication = Application.CompareTo(other.Application);
        return byApplication != 0 ? byApplication : Vm.CompareTo(other.Vm);
    }

    /// <summary>As <c>cg/vm1</c>.</summary>
    public override string ToString() => $"{Application}/{Vm}";
}
