using System.Diagnostics.CodeAnalysis;

namespace Federation.Domain.Identity;

/// <summary>A VM in the whole federation: its application and its name in it.</summary>
/// <param name="Application">The application.</param>
/// <param name="Vm">The VM.</param>
public readonly record struct VmRef(AppId Application, VmId Vm) : IComparable<VmRef>
{
    /// <summary>The form that reads back: <c>astro/cg.3/vm1</c>.</summary>
    public string Key => $"{Application.Key}/{Vm}";

    /// <summary>Reads a <see cref="Key"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out VmRef vm)
    {
        var slash = text?.LastIndexOf('/') ?? -1;
        vm = slash > 0 && slash < text!.Length - 1 && AppId.TryParse(text[..slash], out var application)
            ? new(application, new(text[(slash + 1)..]))
            : default;
        return vm != default;
    }

    /// <summary>Reads a <see cref="Key"/>.</summary>
    /// <exception cref="FormatException">It is not of that form.</exception>
    public static VmRef Parse(string text) =>
        TryParse(text, out var vm) ? vm : throw new FormatException($"'{text}' is not TENANT/APPLICATION.INCARNATION/VM");

    /// <summary>By application, then by VM.</summary>
    public int CompareTo(VmRef other)
    {
        var byApplication = Application.CompareTo(other.Application);
        return byApplication != 0 ? byApplication : Vm.CompareTo(other.Vm);
    }

    /// <summary>For people: <c>astro/cg/vm1</c>.</summary>
    public override string ToString() => $"{Application}/{Vm}";
}
