using System.Data.Common;
using System.Globalization;
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
    public static byte[] ReadOrMake(FederationDatabase database, TimeProvider? time = null)
    {
        try
        {
            using var connection = database.Open();
            using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO service_secret (id, secret, made_at) VALUES (1, @secret, @at) ON CONFLICT (id) DO NOTHING";
            Add(insert, "secret", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)));
            Add(insert, "at", (time ?? TimeProvider.System).GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            insert.ExecuteNonQuery();

            using var select = connection.CreateCommand();
            select.CommandText = "SELECT secret FROM service_secret WHERE id = 1";
            return select.ExecuteScalar() is string { Length: 2 * Bytes } text && text.All(char.IsAsciiHexDigit)
                ? Convert.FromHexString(text)
                : throw new InvalidDataException($"{database.Place} has no good secret in table service_secret: stop all silos, delete the row, and one is made at the next start");
        }
        catch (DbException fault) when (StorageUnavailableException.IsUnavailable(fault))
        {
            throw new StorageUnavailableException(database.Place, fault);
        }
    }

    private static void Add(DbCommand command, string name, string value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
