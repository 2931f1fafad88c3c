using System.Data.Common;

namespace Federation.Storage;

/// <summary>Runs statements within a transaction, the same for every dialect.</summary>
internal static class TransactionSql
{
    /// <summary>Runs a statement that answers no rows; tells how many it changed.</summary>
    public static int Execute(this DbTransaction transaction, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = transaction.CommandOf(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Reads all rows that a query answers.</summary>
    public static List<T> Query<T>(
        this DbTransaction transaction, string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = transaction.CommandOf(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static DbCommand CommandOf(this DbTransaction transaction, string sql, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
