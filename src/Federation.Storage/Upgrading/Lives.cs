using System.Data.Common;
using System.Globalization;
using Federation.Domain.Identity;

namespace Federation.Storage.Upgrading;

/// <summary>One life of a name, before names had incarnations.</summary>
/// <param name="Id">Whose it was, and which life.</param>
/// <param name="FirstEvent">The event that began it; 0: what is stored begins with it.</param>
/// <param name="Begin">When it began.</param>
internal sealed record Life(AppId Id, long FirstEvent, DateTimeOffset Begin);

/// <summary>
/// The lives of each application's name, as the event log tells them: one that was deleted and submitted again was one application until
/// now, and what it left is not the new owner's.
/// </summary>
/// <remarks>The present life's tenant is in its description. A former one's is known from its migrations only; else it is <see cref="Unknown"/>'s.</remarks>
internal sealed class Lives
{
    /// <summary>The owner of what nobody is known to own: no token names it, so that administrators and auditors alone see it.</summary>
    public static readonly TenantId Unknown = new("?");

    private readonly Dictionary<string, List<Life>> byName = [];
    private readonly Dictionary<string, TenantId> present = [];

    private Lives()
    {
    }

    /// <summary>Every life, by name, oldest first.</summary>
    public IEnumerable<(string Name, IReadOnlyList<Life> Lives)> All =>
        byName.OrderBy(name => name.Key, StringComparer.Ordinal).Select(name => (name.Key, (IReadOnlyList<Life>)name.Value));

    /// <summary>Reads them, before anything is changed.</summary>
    public static Lives Read(DbTransaction transaction, StoredGrains grains)
    {
        var lives = new Lives();
        foreach (var grain in grains.Of("application").Where(grain => grain.State?["application"] is not null))
        {
            lives.present[grain.Key] = new((string)grain.State!["application"]!["tenant"]!);
        }

        var events = transaction.Query(
            "SELECT sequence, at, kind, application FROM event WHERE kind IN ('application.created', 'application.deleted') ORDER BY sequence",
            row => (Sequence: row.GetInt64(0), At: TimeOf(row.GetString(1)), IsBirth: row.GetString(2) == "application.created", Name: row.GetString(3)));
        foreach (var name in events.GroupBy(happened => happened.Name))
        {
            lives.byName[name.Key] = lives.Told(name.Key, [.. name.Select(happened => (happened.Sequence, happened.At, happened.IsBirth))]);
        }

        var named = transaction.Query(
            "SELECT DISTINCT application FROM traffic_window UNION SELECT DISTINCT application FROM event WHERE application IS NOT NULL",
            row => row.GetString(0));
        foreach (var name in named.Concat(lives.present.Keys))
        {
            lives.Of(name);
        }

        foreach (var migration in grains.Of("migration").Select(grain => grain.State?["migration"]).OfType<System.Text.Json.Nodes.JsonObject>())
        {
            lives.Owned(NameOf((string)migration["order"]!["vm"]!), TimeOf((string)migration["startedAt"]!), new((string)migration["tenant"]!));
        }

        return lives;
    }

    /// <summary>The lives of a name, oldest first; at least one.</summary>
    public IReadOnlyList<Life> Of(string name)
    {
        if (!byName.TryGetValue(name, out var lives))
        {
            byName[name] = lives = [new(new(OwnerOf(name), name, 1), 0, DateTimeOffset.MinValue)];
        }

        return lives;
    }

    /// <summary>The newest life of a name.</summary>
    public AppId Last(string name) => Of(name)[^1].Id;

    /// <summary>The life of a name at a time.</summary>
    public AppId At(string name, DateTimeOffset time) => Of(name).Last(life => life.Begin <= time).Id;

    /// <summary>The VM of a former key <c>cg/vm1</c> in the newest life of its application.</summary>
    public VmRef LastVm(string key) => new(Last(NameOf(key)), VmOf(key));

    /// <summary>The application's name in a former key <c>cg/vm1</c>.</summary>
    public static string NameOf(string vm) => vm[..vm.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>The VM's name in a former key <c>cg/vm1</c>.</summary>
    public static VmId VmOf(string vm) => new(vm[(vm.IndexOf('/', StringComparison.Ordinal) + 1)..]);

    /// <summary>Reads a time as events and states have it.</summary>
    public static DateTimeOffset TimeOf(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    // Deleted and there all the same: it was submitted again, and a crash came before the event.
    private List<Life> Told(string name, List<(long Sequence, DateTimeOffset At, bool IsBirth)> events)
    {
        var begins = new List<(long Sequence, DateTimeOffset At)> { (0, DateTimeOffset.MinValue) };
        var (wasBorn, hasEnded) = (false, false);
        foreach (var (sequence, at, isBirth) in events)
        {
            if (isBirth && (wasBorn || hasEnded))
            {
                begins.Add((sequence, at));
            }

            (wasBorn, hasEnded) = (isBirth, !isBirth);
        }

        if (hasEnded && present.ContainsKey(name))
        {
            begins.Add((events[^1].Sequence + 1, events[^1].At));
        }

        return [.. begins.Select((begin, index) =>
            new Life(new(index == begins.Count - 1 ? OwnerOf(name) : Unknown, name, index + 1), begin.Sequence, begin.At))];
    }

    private void Owned(string name, DateTimeOffset at, TenantId tenant)
    {
        Of(name);
        var lives = byName[name];
        var index = lives.FindLastIndex(life => life.Begin <= at);
        if (lives[index].Id.Tenant == Unknown)
        {
            lives[index] = lives[index] with { Id = lives[index].Id with { Tenant = tenant } };
        }
    }

    private TenantId OwnerOf(string name) => present.GetValueOrDefault(name, Unknown);
}
