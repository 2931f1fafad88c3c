using Npgsql;

namespace Federation.Storage.Postgres;

/// <summary>The role by which silos open a database whose tables are another role's.</summary>
/// <remarks>A silo then cannot change tables or triggers, nor what is written once: the audit log, events, the service's secret.</remarks>
public static class SiloRole
{
    private const string Find = """
        SELECT r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls, pg_has_role(r.oid, c.relowner, 'MEMBER')
        FROM pg_roles r, pg_class c
        WHERE r.rolname = @role AND c.oid = to_regclass('audit')
        """;

    /// <summary>Grants the role what a silo needs and takes all else from it; makes the service's secret, which the role may only read.</summary>
    /// <param name="database">Opened by the owner of its tables, its schema applied.</param>
    /// <param name="role">The role; it is there, and is not the owner.</param>
    /// <param name="time">For the note when the secret was made.</param>
    /// <returns>Why nothing was done; null: it was done.</returns>
    /// <exception cref="StorageUnavailableException">The database cannot be reached.</exception>
    public static string? Grant(PostgresDatabase database, string role, TimeProvider time) => DatabaseSchema.Guarded(database, () =>
    {
        ServiceSecret.ReadOrMake(database, time);
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction();
        if (Refusal(transaction.Query(Find, row => (IsMighty: row.GetBoolean(0), IsOwner: row.GetBoolean(1)), ("role", role)), role) is { } refusal)
        {
            return refusal;
        }

        try
        {
            transaction.Query("SELECT set_config('federation.silo', @role, true)", row => row.GetString(0), ("role", role));
            transaction.Execute(SqlText.Text(PostgresDatabase.Folder, "Roles/silo"));
            transaction.Commit();
            return null;
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return $"only the owner of the tables can grant rights to them ({fault.MessageText}): connect as the owner";
        }
    });

    private static string? Refusal(List<(bool IsMighty, bool IsOwner)> found, string role) => found switch
    {
        [] => $"there is no role '{role}': make it with 'createuser --pwprompt {role}'",
        [{ IsMighty: true }] => $"role '{role}' is a superuser or may create roles, databases or replicas, whom no grant restricts: make another one with 'createuser'",
        [{ IsOwner: true }] => $"role '{role}' owns the tables, or is a member of the role that does, whom no grant restricts: make another one with 'createuser'",
        _ => null,
    };
}
