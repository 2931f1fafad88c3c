using System.Data.Common;
using System.Security.Cryptography;

namespace Federation.Storage;

/// <summary>The secret by which the silos of one database know each other's calls. Nobody else reads it: who can is as good as a silo.</summary>
public static class ServiceSecret
{
    private const int Bytes = 32;

    /// <summary>The secret; made if there is none yet. Several silos may ask at once, and get the same.</summary>
    /// <param name="database">The database, its schema applied.</param>
    /// <param name="time">For the note when it was made; null: the system's clock.</param>
    /// <exception cref="StorageUnavailableException">The database cannot be reached.</exception>
    /// <exception cref="InvalidDataException">What is kept there is no secret.</exception>
    public static byte[] ReadOrMake(FederationDatabase database, TimeProvider? time = null) => DatabaseSchema.Guarded(database, () =>
    {
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction();
        var kept = Read(transaction);
        if (kept.Count == 0)
        {
            Make(transaction, database.Place, time ?? TimeProvider.System);
            kept = Read(transaction);
        }

        transaction.Commit();
        return kept is [{ Length: 2 * Bytes } secret] && secret.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(secret)
            : throw new InvalidDataException($"{database.Place} has no good secret in table service_secret: stop all silos, delete the row, and one is made at the next start");
    });

    private static void Make(DbTransaction transaction, string place, TimeProvider time)
    {
        try
        {
            transaction.Execute(
                "INSERT INTO service_secret (id, secret, made_at) VALUES (1, @secret, @at) ON CONFLICT (id) DO NOTHING",
                ("@secret", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes))),
                ("@at", DatabaseSchema.TextOf(time.GetUtcNow())));
        }
        catch (DbException fault) when (fault.SqlState == DatabaseSchema.InsufficientPrivilege)
        {
            // The silos' role only reads it.
            throw new InvalidDataException($"{place} has no secret in table service_secret, and this role may not make one: run 'fedctl db roles' as the tables' owner", fault);
        }
    }

    private static List<string> Read(DbTransaction transaction) => transaction.Query("SELECT secret FROM service_secret WHERE id = 1", row => row.GetString(0));
}
