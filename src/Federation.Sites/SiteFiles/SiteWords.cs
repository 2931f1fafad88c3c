using Federation.Domain.Sites;
using Federation.Sites.Scalars;

namespace Federation.Sites.SiteFiles;

/// <summary>The words of a site file that are one of a few.</summary>
internal static class SiteWords
{
    /// <summary>What kind of site it is.</summary>
    public static readonly Choice<SiteKind> Kinds = new(("cloud", SiteKind.Cloud), ("grid", SiteKind.Grid));

    /// <summary>Whether plans need a person's approval: true is manual.</summary>
    public static readonly Choice<bool> Approvals = new(("auto", false), ("manual", true));
}
