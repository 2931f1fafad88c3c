using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Federation.Domain.Identity;

/// <summary>One life of an application: whose it is, its name, and which incarnation of that name it is.</summary>
/// <remarks>
/// A name that is deleted and created anew is another incarnation: nothing of one is ever visible to another. Text form
/// <c>tenant/name.incarnation</c>; a name has no dots, a tenant is escaped as in a URL, so that the form reads back unambiguously.
/// </remarks>
/// <param name="Tenant">Whose it is; empty: not said, as in an offline analysis.</param>
/// <param name="Name">Lower-case letters, digits and dashes; unique within the tenant.</param>
/// <param name="Incarnation">Counts from 1; 0: as a file describes it, outside of any service.</param>
public readonly record struct AppId(TenantId Tenant, string Name, int Incarnation = 0) : IComparable<AppId>
{
    /// <summary>The same tenant and name, of no incarnation in particular.</summary>
    public AppId Named => this with { Incarnation = 0 };

    /// <summary>Whether it names one life of one tenant's application, and not only a name.</summary>
    public bool IsWhole => Incarnation > 0 && !string.IsNullOrEmpty(Tenant.Value);

    /// <summary>The form that reads back: <c>astro/cg.3</c>; what is empty or 0 is left out.</summary>
    public string Key => Incarnation > 0 ? $"{Prefix}{Name}.{Incarnation.ToString(CultureInfo.InvariantCulture)}" : $"{Prefix}{Name}";

    private string Prefix => string.IsNullOrEmpty(Tenant.Value) ? "" : $"{Uri.EscapeDataString(Tenant.Value)}/";

    /// <summary>Reads a <see cref="Key"/>: <c>cg</c>, <c>astro/cg</c> or <c>astro/cg.3</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AppId application)
    {
        var slash = text?.LastIndexOf('/') ?? -1;
        var name = text?[(slash + 1)..] ?? "";
        var dot = name.LastIndexOf('.');
        var incarnation = 0;
        application = default;
        if (name.Length == 0 || slash == 0 || (dot >= 0 && !int.TryParse(name[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out incarnation)))
        {
            return false;
        }

        application = new(new(slash > 0 ? Uri.UnescapeDataString(text![..slash]) : ""), dot >= 0 ? name[..dot] : name, incarnation);
        return application.Name.Length > 0;
    }

    /// <summary>Reads a <see cref="Key"/>.</summary>
    /// <exception cref="FormatException">It is not of that form.</exception>
    public static AppId Parse(string text) =>
        TryParse(text, out var application) ? application : throw new FormatException($"'{text}' is not TENANT/NAME.INCARNATION");

    /// <summary>By name, then tenant, then incarnation.</summary>
    public int CompareTo(AppId other)
    {
        var byName = NaturalOrder.Compare(Name, other.Name);
        var byTenant = byName != 0 ? byName : NaturalOrder.Compare(Tenant.Value ?? "", other.Tenant.Value ?? "");
        return byTenant != 0 ? byTenant : Incarnation.CompareTo(other.Incarnation);
    }

    /// <summary>For people: <c>astro/cg</c>.</summary>
    public override string ToString() => string.IsNullOrEmpty(Tenant.Value) ? Name : $"{Tenant}/{Name}";
}
